// What one durable write costs on a disk: appends 16 KiB and waits for fdatasync, again and again.
//
// usage: bench_fsync_probe FILE COUNT  →  the median in microseconds

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <vector>

int main(int count, char** arguments) {
  constexpr std::size_t kBytes = 16 * 1024;
  if (count != 3) {
    std::fprintf(stderr, "usage: bench_fsync_probe FILE COUNT\n");
    return 2;
  }
  const int file = open(arguments[1], O_WRONLY | O_CREAT | O_TRUNC, 0600);
  const std::vector<char> block(kBytes, 'x');
  std::vector<double> micros(static_cast<std::size_t>(std::atoi(arguments[2])));
  for (double& micro : micros) {
    const auto start = std::chrono::steady_clock::now();
    if (write(file, block.data(), kBytes) != static_cast<ssize_t>(kBytes) || fdatasync(file) != 0) {
      std::perror("bench_fsync_probe");
      return 1;
    }
    micro =
        std::chrono::duration<double, std::micro>(std::chrono::steady_clock::now() - start).count();
  }
  close(file);
  unlink(arguments[1]);
  std::sort(micros.begin(), micros.end());
  std::printf("{\"median_us\":%.0f,\"p99_us\":%.0f}\n", micros[micros.size() / 2],
              micros[micros.size() * 99 / 100]);
  return 0;
}
