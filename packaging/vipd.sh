#!/bin/sh
# Starts vipd from its image. C1 and the serial collector start fastest and need least memory for a daemon of this size;
# the JVM's own messages go to stderr, so that they never mix with the event log on stdout. Compiling at the usual
# thresholds would cost a tenth of the start for methods that hardly run again; so would Netty's way to memory without
# sun.misc.Unsafe, which Java 25, the only one this runs on, still allows.
home=$(dirname "$(dirname "$(readlink -f "$0")")")
exec "$home/runtime/bin/java" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:+UseCompactObjectHeaders -Xms24m -Xmx128m \
  -XX:CompileThresholdScaling=5 --sun-misc-unsafe-memory-access=allow -Dio.netty.noUnsafe=false \
  -Xss512k -XX:+ExitOnOutOfMemoryError -Xlog:disable -Xlog:all=error:stderr \
  ${VIPD_AOT:--XX:AOTCache="$home/vipd.aot"} \
  -Djffi.boot.library.path="$home/native" -Djava.library.path="$home/native" ${VIPD_JAVA_OPTS:-} \
  -jar "$home/lib/vipd.jar" "$@"
