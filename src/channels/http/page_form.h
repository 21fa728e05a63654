#pragma once

// Forms of the pages: fields with labels, hints and errors as a screen reader needs them.

#include <string>
#include <string_view>
#include <vector>

#include "channels/http/form.h"
#include "channels/http/page_shell.h"

namespace jaring {

/// One line to fill in. Texts are HTML but for `value`.
struct PageField {
  std::string_view name;
  std::string label;
  std::string hint = {};
  std::string_view type = "text";
  std::string_view autocomplete = "off";
  std::string_view more = {};  // Further attributes: "inputmode=\"numeric\"".
  std::string value = {};
};

std::string FieldHtml(const PageField& field);

/// What went wrong, said first and at once.
std::string AlertHtml(const PageWords& words, std::string_view sentence);

/// What went well.
std::string NoticeHtml(std::string_view html);

/// A form that posts to `action` in the same language, around `inner`, with a button.
std::string FormHtml(const PageWords& words, std::string_view action, const std::string& inner,
                     const std::string& button);

/// A form that is there but does not call: its button is drawn as an outline.
std::string QuietHtml(const std::string& form);

/// A box to tick; it is sent as "yes". `label` is HTML.
std::string TickHtml(std::string_view name, const std::string& label, bool ticked);

std::string HiddenHtml(std::string_view name, std::string_view value);

/// What was sent; fields that are missing read as empty.
class PostedForm {
 public:
  /// Limit: a value counts up to 1000 bytes.
  explicit PostedForm(std::string_view body);
  std::string operator()(std::string_view name) const;

 private:
  std::vector<FormField> fields_;
};

/// Where to go after a login: a path of ours, else `otherwise`. Never another site.
std::string SafePath(std::string_view path, std::string_view otherwise);

/// 303 to a path of ours.
HttpResponse RedirectTo(std::string_view path);

/// "15 Maret 2026, 14.05" in Asia/Jakarta.
std::string MomentText(const PageWords& words, Instant at);

}  // namespace jaring
