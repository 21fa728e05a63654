#include "channels/cli/papers.h"

#include "channels/cli/secret_file.h"
#include "channels/http/s3_paper_store.h"

namespace jaring {

Result<std::unique_ptr<PaperStore>> OpenPapers(const CliContext& context) {
  const Settings& settings = context.settings();
  std::unique_ptr<PaperStore> papers;
  if (settings.papers_s3_url.empty()) {
    const auto folder = context.papers_folder();
    if (!folder.empty()) {
      papers = std::make_unique<FolderPaperStore>(folder);
    }
    return papers;
  }
  S3Settings s3{.url = settings.papers_s3_url,
                .region = settings.papers_s3_region,
                .key_id = settings.papers_s3_key_id,
                .secret = ""};
  while (s3.url.ends_with('/')) {
    s3.url.pop_back();
  }
  JARING_ASSIGN_OR_RETURN(s3.secret, ReadSecret(settings.papers_s3_secret_file));
  papers = std::make_unique<S3PaperStore>(std::move(s3), CurlFetchWhole());
  return papers;
}

}  // namespace jaring
