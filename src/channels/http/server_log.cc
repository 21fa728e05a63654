#include "channels/http/server_log.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <iterator>

#include "channels/text/json_writer.h"

namespace jaring {
namespace {

constexpr std::size_t kMostWaiting = std::size_t{8} << 20U;
constexpr mode_t kFileMode = 0640;

int OpenFile(const std::string& file) {
  return file.empty() ? dup(STDERR_FILENO)
                      : open(file.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, kFileMode);
}

}  // namespace

std::string_view LogLevelName(LogLevel level) {
  switch (level) {
    case LogLevel::kInfo:
      return "info";
    case LogLevel::kWarning:
      return "warn";
    case LogLevel::kError:
      return "error";
  }
  JARING_CHECK(false);
}

void AppendTimestamp(std::string& out, Instant at) {
  constexpr std::int64_t kSecondsPerDay = 86'400;
  const std::int64_t seconds = at.micros() / 1'000'000;
  const Date date = Date::FromDays(seconds / kSecondsPerDay);
  const std::int64_t of_day = seconds % kSecondsPerDay;
  fmt::format_to(std::back_inserter(out), "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:06}Z", date.year(),
                 date.month_of_year(), date.day(), of_day / 3600, of_day / 60 % 60, of_day % 60,
                 at.micros() % 1'000'000);
}

Result<std::unique_ptr<ServerLog>> ServerLog::Open(std::string file) {
  const int descriptor = OpenFile(file);
  if (descriptor < 0) {
    return Error{ErrorCode::kUnavailable, "log.unwritable", file};
  }
  return std::unique_ptr<ServerLog>(new ServerLog(std::move(file), descriptor));
}

ServerLog::ServerLog(std::string file, int descriptor)
    : file_(std::move(file)), descriptor_(descriptor), thread_([this] { Work(); }) {}

ServerLog::~ServerLog() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  arrived_.notify_one();
  thread_.join();
  close(descriptor_);
}

void ServerLog::Write(std::string_view lines) {
  if (lines.empty()) {
    return;
  }
  std::unique_lock lock(mutex_);
  if (waiting_.size() + lines.size() > kMostWaiting) {
    lock.unlock();
    dropped_.fetch_add(std::count(lines.begin(), lines.end(), '\n'), std::memory_order_relaxed);
    return;
  }
  const bool first = waiting_.empty();
  waiting_.append(lines);
  lock.unlock();
  if (first) {
    arrived_.notify_one();
  }
}

void ServerLog::Event(Instant at, LogLevel level, std::string_view event, std::string_view detail) {
  std::string timestamp;
  AppendTimestamp(timestamp, at);
  JsonWriter json;
  json.BeginObject();
  json.Key("ts").Text(timestamp);
  json.Key("level").Text(LogLevelName(level));
  json.Key("event").Text(event);
  json.Key("detail").Text(detail);
  json.EndObject();
  Write(json.Take() + "\n");
}

void ServerLog::Reopen() {
  {
    const std::lock_guard lock(mutex_);
    reopen_ = true;
  }
  arrived_.notify_one();
}

void ServerLog::Work() {
  std::string lines;
  for (;;) {
    std::unique_lock lock(mutex_);
    arrived_.wait(lock, [this] { return ending_ || reopen_ || !waiting_.empty(); });
    lines.clear();
    lines.swap(waiting_);
    const bool reopen = std::exchange(reopen_, false);
    const bool ending = ending_;
    lock.unlock();
    WriteOut(lines);
    if (reopen && !file_.empty()) {
      if (const int fresh = OpenFile(file_); fresh >= 0) {
        close(std::exchange(descriptor_, fresh));
      }
    }
    if (ending) {
      return;
    }
  }
}

void ServerLog::WriteOut(std::string_view lines) {
  while (!lines.empty()) {
    const ssize_t written = write(descriptor_, lines.data(), lines.size());
    if (written > 0) {
      lines.remove_prefix(static_cast<std::size_t>(written));
    } else if (errno != EINTR) {
      dropped_.fetch_add(std::count(lines.begin(), lines.end(), '\n'), std::memory_order_relaxed);
      return;
    }
  }
}

}  // namespace jaring
