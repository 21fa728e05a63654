// Loaded before the C library: files take FULL_DISK_AFTER more bytes, then the disk is full. Pipes
// and terminals are not disks. Counts every write, also over bytes that were there: harsher than a
// real disk.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/types.h>
#include <sys/uio.h>

static atomic_llong room = -1;

__attribute__((constructor)) static void ReadRoom(void) {
  const char* text = getenv("FULL_DISK_AFTER");
  room = text ? atoll(text) : 0;
}

// 1 when the bytes do not fit any more.
static int IsFull(int file, size_t bytes) {
  struct stat status;
  if (fstat(file, &status) != 0 || !S_ISREG(status.st_mode)) return 0;
  if (atomic_fetch_sub(&room, (long long)bytes) >= (long long)bytes) return 0;
  errno = ENOSPC;
  return 1;
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

ssize_t write(int file, const void* data, size_t bytes) {
  return IsFull(file, bytes) ? -1 : REAL(write)(file, data, bytes);
}

ssize_t pwrite(int file, const void* data, size_t bytes, off_t at) {
  return IsFull(file, bytes) ? -1 : REAL(pwrite)(file, data, bytes, at);
}

ssize_t pwrite64(int file, const void* data, size_t bytes, off64_t at) {
  return IsFull(file, bytes) ? -1 : REAL(pwrite64)(file, data, bytes, at);
}

ssize_t writev(int file, const struct iovec* parts, int count) {
  size_t bytes = 0;
  for (int i = 0; i < count; ++i) bytes += parts[i].iov_len;
  return IsFull(file, bytes) ? -1 : REAL(writev)(file, parts, count);
}

// The C library's own streams do not come by the functions above.
size_t fwrite(const void* data, size_t size, size_t count, FILE* file) {
  return IsFull(fileno(file), size * count) ? 0 : REAL(fwrite)(data, size, count, file);
}
