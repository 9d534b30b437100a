# make demo    build the image, boot the embedded kernel and run the main job in it, ending with the verdict (no root needed)
# make test    everything that this machine can run; what it can't is named, and counted in the last line
# make image   packaging/target/vipd: runs without a Java on the host
# make sim     simulated checks with their table, then simulated directors: of each HOURS=n simulated hours with fresh seeds
#              on all processors, SEED=n that seed only; POINTS=n all schedules of n faults for two directors; fails when a
#              rule is broken
# make clean
MVN ?= mvn -B -q -ntp
SIM = $$(packaging/find-jdk)/bin/java -XX:+UseSerialGC -cp
SOURCES := $(shell find pom.xml */pom.xml */src packaging -path packaging/target -prune -o -type f -print)

.PHONY: demo test image sim clean setup
.DEFAULT_GOAL := image

setup:
	@packaging/setup

image: packaging/target/vipd/.built

packaging/target/vipd/.built: $(SOURCES) | setup
	$(MVN) package -DskipTests
	packaging/build-image
	@touch $@

demo: image
	examples/lab/lab $(LAB) pair

test:
	@packaging/setup test
	@MVN="$(MVN)" packaging/test

sim: setup
	$(MVN) package -DskipTests -pl netlink,vrrp,healthcheck,ipvs-sync,director
	$(if $(POINTS),,$(SIM) director/target/test-classes:director/target/classes:healthcheck/target/classes:ipvs-sync/target/classes:netlink/target/classes \
	  dev.vipd.director.sim.CheckSimRun $(if $(SEED),seed $(SEED),hours $(or $(HOURS),10)))
	$(SIM) vrrp/target/test-classes:vrrp/target/classes:netlink/target/classes \
	  dev.vipd.vrrp.sim.SimRun $(if $(SEED),seed $(SEED),$(if $(POINTS),points $(POINTS) $(VARIANT) $(NUMBER),hours $(or $(HOURS),10)))

clean:
	$(MVN) clean
