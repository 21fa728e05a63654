#pragma once

// The doors of the faces: /app/ (worker), /design, /web/{file} and what the rules in the page need.

#include "channels/http/face_files.h"
#include "channels/http/http_site.h"

namespace jaring {

/// The files of SiteParts::faces, with the scheme as the rules in the page read it.
FaceFiles LoadFaces(const SiteParts& parts);

/// Open to everyone: they are the same for all and hold nothing of anybody. Without built files
/// each of the pages says so and leads to the plain ones. `faces` must outlive the router.
void AddFaceRoutes(Router& router, const SiteParts& parts, const FaceFiles& faces);

}  // namespace jaring
