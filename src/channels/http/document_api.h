#pragma once

#include "channels/http/http_site.h"

namespace jaring {

/// GET /openapi.yaml: the contract; GET /docs: the same for people, in English
/// (api/api_page.html, made from it by tools/bundle_openapi.py).
void AddDocumentRoutes(Router& router, const SiteParts& parts);

}  // namespace jaring
