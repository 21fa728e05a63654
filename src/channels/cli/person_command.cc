#include "channels/cli/person_command.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <unistd.h>

#include "channels/cli/agency_run.h"
#include "channels/cli/cli_audit.h"
#include "channels/http/person_export.h"

namespace jaring {
namespace {

/// Never over a file that is there, which others might be allowed to read.
Result<Done> WriteOwnersFile(const std::string& path, const std::string& bytes) {
  const int file = open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
  if (file < 0) {
    return Error{ErrorCode::kUnavailable, "person_export.not_writable", ""};
  }
  const bool written =
      write(file, bytes.data(), bytes.size()) == static_cast<ssize_t>(bytes.size());
  const bool closed = close(file) == 0;
  if (!written || !closed) {
    unlink(path.c_str());
    return Error{ErrorCode::kUnavailable, "person_export.not_writable", ""};
  }
  return Done{};
}

}  // namespace

int PersonExport(const CliContext& context, const PersonExportRequest& request) {
  return WithAgency(context, [&](const OpenAgency& open) -> Result<Done> {
    return open.db().Write([&](Tx& tx) -> Result<Done> {
      JARING_ASSIGN_OR_RETURN(const MemberNumber member,
                              FindMember(tx, open.agency(), request.who));
      const bool as_pdf = request.out.ends_with(".pdf");
      JARING_ASSIGN_OR_RETURN(
          const std::string bytes,
          as_pdf ? PersonExportPdf(tx, open.agency(), member.person_id, context.now())
                 : PersonExportJson(tx, open.agency(), member.person_id, context.now()));
      JARING_RETURN_IF_ERROR(NoteCommand(tx, context, open.agency(),
                                         {.action = std::string(ActionName(Action::kExportPerson)),
                                          .person_id = member.person_id,
                                          .subject = "export"}));
      JARING_RETURN_IF_ERROR(WriteOwnersFile(request.out, bytes));
      fmt::print("{}\n", request.out);
      return Done{};
    });
  });
}

}  // namespace jaring
