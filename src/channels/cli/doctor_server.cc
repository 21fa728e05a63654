// What the doctor sees of the port, the certificate and the limits of the system.

#include <fmt/core.h>
#include <netdb.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <memory>

#include "channels/cli/doctor_command.h"

namespace jaring {
namespace {

/// 0 when we could listen there, else errno; -1 when the address makes no sense.
int TryToListen(const std::string& listen) {
  const std::size_t colon = listen.rfind(':');
  if (colon == std::string::npos) {
    return -1;
  }
  std::string host = listen.substr(0, colon);
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
    host = host.substr(1, host.size() - 2);
  }
  addrinfo hints{};
  hints.ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE;
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (getaddrinfo(host.c_str(), listen.substr(colon + 1).c_str(), &hints, &found) != 0) {
    return -1;
  }
  const std::unique_ptr<addrinfo, decltype(&freeaddrinfo)> owner(found, &freeaddrinfo);
  const int probe = socket(found->ai_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  const int yes = 1;
  setsockopt(probe, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  // Bound and listening, as the server would be: another that listens is seen only so.
  const bool free = bind(probe, found->ai_addr, found->ai_addrlen) == 0 && ::listen(probe, 1) == 0;
  const int why = free ? 0 : errno;
  close(probe);
  return why;
}

void LookAtPort(const Settings& settings, Findings& findings) {
  const int why = TryToListen(settings.listen);
  if (why == 0) {
    findings.push_back({"port", FindingState::kOk, settings.listen + ": free", ""});
  } else if (why == EADDRINUSE) {
    // The server itself, most likely; who else it may be, only the operator knows.
    findings.push_back({"port", FindingState::kOk, settings.listen + ": in use", ""});
  } else {
    findings.push_back({"port", FindingState::kWrong,
                        settings.listen + (why < 0 ? "" : fmt::format(": {}", strerror(why))),
                        why < 0 ? "listen.malformed" : "doctor.port_closed"});
  }
}

void LookAtCertificate(const CliContext& context, Findings& findings) {
  constexpr int kSoonDays = 21;
  const std::string& file = context.settings().tls_certificate;
  const std::unique_ptr<FILE, decltype(&fclose)> in(fopen(file.c_str(), "re"), &fclose);
  const std::unique_ptr<X509, decltype(&X509_free)> certificate(
      in ? PEM_read_X509(in.get(), nullptr, nullptr, nullptr) : nullptr, &X509_free);
  if (!certificate) {
    findings.push_back(
        {"certificate", FindingState::kWrong, file, "doctor.certificate_unreadable"});
    return;
  }
  const auto now = static_cast<time_t>(context.environment().clock().micros() / 1'000'000);
  const std::unique_ptr<ASN1_TIME, decltype(&ASN1_TIME_free)> today(ASN1_TIME_set(nullptr, now),
                                                                    &ASN1_TIME_free);
  int days = 0;
  int seconds = 0;
  ASN1_TIME_diff(&days, &seconds, today.get(), X509_get0_notAfter(certificate.get()));
  const bool ended = days < 0 || seconds < 0;
  const std::string fact = fmt::format("{}: {} days left", file, days);
  const FindingState state = ended              ? FindingState::kWrong
                             : days < kSoonDays ? FindingState::kWarning
                                                : FindingState::kOk;
  findings.push_back(
      {"certificate", state, fact, state == FindingState::kOk ? "" : "doctor.certificate_ends"});
}

void LookAtOpenFiles(const Settings& settings, Findings& findings) {
  constexpr std::uint64_t kOwn = 256;  // Databases, logs, what the program itself holds open.
  rlimit files{};
  getrlimit(RLIMIT_NOFILE, &files);
  const auto needed = static_cast<std::uint64_t>(settings.connections) + kOwn;
  const std::string fact = fmt::format("{} allowed here, {} needed", files.rlim_max, needed);
  findings.push_back(files.rlim_max >= needed ? Finding{"open-files", FindingState::kOk, fact, ""}
                                              : Finding{"open-files", FindingState::kWarning, fact,
                                                        "doctor.few_open_files"});
}

}  // namespace

void LookAtServer(const CliContext& context, Findings& findings) {
  LookAtPort(context.settings(), findings);
  if (!context.settings().tls_certificate.empty()) {
    LookAtCertificate(context, findings);
  }
  LookAtOpenFiles(context.settings(), findings);
}

}  // namespace jaring
