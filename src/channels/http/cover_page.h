#pragma once

#include <string>

#include "channels/http/attempt_limiter.h"
#include "channels/http/cover_form.h"
#include "channels/http/http_site.h"
#include "collection/member_view.h"

namespace jaring {

class PageWords;

/// The branch that serves where the person lives; empty when none does.
Result<std::string> FindBranchName(Tx& tx, const MemberView& view);

/// A cookie value that only we can have made: it names a device for the limiter, and nothing else.
class DeviceCookie {
 public:
  explicit DeviceCookie(std::string secret) : secret_(std::move(secret)) {}

  std::string Make(std::string_view id) const;
  /// The id in a value made by Make; empty for any other.
  std::string_view Read(std::string_view value) const;

 private:
  std::string secret_;
};

/// "Am I covered?": GET /cover shows the form, POST /cover the answer: a page, or JSON for who
/// accepts nothing else. A wrong birth date and an unknown NIK get the same words; attempts are
/// limited by person and by device, whatever form the answer has.
class CoverPage {
 public:
  explicit CoverPage(const SiteParts& parts);

  HttpResponse Show(const HttpRequest& request);
  HttpResponse Answer(const HttpRequest& request);

 private:
  std::string DeviceOf(const HttpRequest& request) const;
  HttpResponse Refuse(const HttpRequest& request, const CoverForm& form,
                      const std::vector<FormProblem>& problems) const;
  HttpResponse Wait(const HttpRequest& request, Instant until) const;
  std::string WaitHtml(const PageWords& words, Instant until) const;
  std::optional<Instant> TooSoon(std::string_view device, std::string_view nik);

  const SiteParts& parts_;
  DeviceCookie cookie_;
  AttemptLimiter by_person_;
  AttemptLimiter by_device_;
};

}  // namespace jaring
