/* Loaded before the embedded kernel (LD_PRELOAD), which keeps 2,696 bytes of a processor's extended state for each of
 * its processes. Processors with AMX have 11,008, and the host's kernel takes back the whole or nothing (EFAULT), so the
 * embedded one would panic at its first process. What is beyond is handed back as zeros, which is its initial state:
 * nothing in the lab uses AMX. Without headers, so that tcc alone can compile it. */
typedef unsigned long size_t;
struct iovec { void *base; size_t length; };
extern long syscall(long number, ...);
extern void *memcpy(void *to, const void *from, size_t length);

enum {
  SYS_PTRACE = 101, /* x86-64 */
  PEEKTEXT = 1, PEEKUSER = 3, GETREGSET = 0x4204, SETREGSET = 0x4205,
  NT_X86_XSTATE = 0x202
};

static char whole[65536];
static size_t size; /* of this processor's state, once it is known */

long ptrace(int request, int pid, void *address, void *data) {
  long result, word;
  struct iovec *given = data;
  struct iovec all = { whole, sizeof whole };
  if (request >= PEEKTEXT && request <= PEEKUSER) { /* as the C library: the word is the result */
    result = syscall(SYS_PTRACE, (long)request, (long)pid, address, &word);
    return result < 0 ? result : word;
  }
  if (request != SETREGSET || (long)address != NT_X86_XSTATE) {
    return syscall(SYS_PTRACE, (long)request, (long)pid, address, data);
  }
  if (size == 0 && syscall(SYS_PTRACE, (long)GETREGSET, (long)pid, address, &all) == 0) {
    size = all.length;
    for (word = 0; word < (long)size; word++) whole[word] = 0;
  }
  if (given->length >= size) {
    return syscall(SYS_PTRACE, (long)request, (long)pid, address, data);
  }
  memcpy(whole, given->base, given->length);
  all.length = size;
  return syscall(SYS_PTRACE, (long)request, (long)pid, address, &all);
}
