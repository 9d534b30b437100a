/* Loaded before keepalived (LD_PRELOAD): answers what it asks of IPVS by socket options, so that its checker process
 * runs on a kernel without IPVS, and on one that has it changes nothing. It is to keepalived what --dry-run is to vipd.
 * Each change of a destination is written to the file $IPVS_SHIM_CHANGES as struct change. Without headers, so that tcc
 * alone can compile it. */
typedef unsigned int u32;
struct change { long long monotonic_ns; u32 address, option, weight, zero; };
struct timespec { long long seconds, nanoseconds; };
extern long syscall(long number, ...);
extern int clock_gettime(int clock, struct timespec *now);
extern int open(const char *path, int flags, ...);
extern long write(int fd, const void *data, unsigned long size);
extern char *getenv(const char *name);
extern void *memset(void *to, int byte, unsigned long size);

enum {
#if defined __x86_64__
  SYS_SETSOCKOPT = 54, SYS_GETSOCKOPT = 55,
#elif defined __aarch64__
  SYS_SETSOCKOPT = 208, SYS_GETSOCKOPT = 209,
#endif
  O_WRONLY = 1, O_APPEND = 02000,
  CLOCK_MONOTONIC = 1,
  NLE_OBJ_NOTFOUND = 12,
  IPPROTO_IP = 0,
  /* linux/ip_vs.h */
  BASE = 64 + 1024 + 64, END = BASE + 32,
  GET_INFO = BASE + 1, ADDDEST = BASE + 7, DELDEST = BASE + 8, EDITDEST = BASE + 9,
  VERSION = 0x010201, TABLE_SIZE = 4096,
  DEST_ADDRESS = 44, DEST_WEIGHT = 56 /* in a struct ip_vs_service_user and the ip_vs_dest_user that follows it */
};

static int changes = -1;

static void note(int option, const char *value) {
  struct change change;
  struct timespec now;
  char *path = getenv("IPVS_SHIM_CHANGES");
  if (changes < 0 && path) changes = open(path, O_WRONLY | O_APPEND);
  clock_gettime(CLOCK_MONOTONIC, &now);
  change.monotonic_ns = now.seconds * 1000000000 + now.nanoseconds;
  change.address = *(const u32 *)(value + DEST_ADDRESS);
  change.option = option - BASE;
  change.weight = *(const u32 *)(value + DEST_WEIGHT);
  change.zero = 0;
  if (write(changes, &change, sizeof change) < 0) changes = -1;
}

int getsockopt(int fd, int level, int option, void *value, u32 *size) {
  u32 *info = value;
  if (level != IPPROTO_IP || option < BASE || option >= END) {
    return syscall(SYS_GETSOCKOPT, (long)fd, (long)level, (long)option, value, size);
  }
  memset(value, 0, *size);
  if (option == GET_INFO) {
    info[0] = VERSION;
    info[1] = TABLE_SIZE;
  }
  return 0;
}

int setsockopt(int fd, int level, int option, const void *value, u32 size) {
  if (level != IPPROTO_IP || option < BASE || option >= END) {
    return syscall(SYS_SETSOCKOPT, (long)fd, (long)level, (long)option, value, (long)size);
  }
  if (option >= ADDDEST && option <= EDITDEST) note(option, value);
  return 0;
}

/* Of libnl: no IPVS by netlink, so that keepalived takes the socket options. */
int genl_ctrl_resolve(void *socket, const char *family) {
  (void)socket, (void)family;
  return -NLE_OBJ_NOTFOUND;
}
