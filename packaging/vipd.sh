#!/bin/sh
# Starts vipd from its image. C1 and the serial collector start fastest and need least memory for a daemon of this size;
# the JVM's own messages go to stderr, so that they never mix with the event log on stdout.
home=$(dirname "$(dirname "$(readlink -f "$0")")")
exec "$home/runtime/bin/java" -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:+UseCompactObjectHeaders -Xms24m -Xmx96m \
  -Xss512k -XX:+ExitOnOutOfMemoryError -Xlog:disable -Xlog:all=error:stderr \
  ${VIPD_AOT:--XX:AOTCache="$home/vipd.aot"} \
  -Djffi.boot.library.path="$home/native" -Djava.library.path="$home/native" ${VIPD_JAVA_OPTS:-} \
  -jar "$home/lib/vipd.jar" "$@"
