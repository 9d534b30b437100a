# make demo    build the image, boot the embedded kernel and run the main job in it, ending with the verdict (no root needed)
# make test    everything that this machine can run; what it can't is named, and counted in the last line
# make image   packaging/target/vipd: runs without a Java on the host
# make clean
MVN ?= mvn -B -q -ntp
SOURCES := $(shell find pom.xml */pom.xml */src packaging -path packaging/target -prune -o -type f -print)

.PHONY: demo test image clean setup
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

clean:
	$(MVN) clean
