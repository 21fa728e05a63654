#include "access/sms_text.h"

#include <algorithm>
#include <array>

namespace jaring {
namespace {

struct SmsWords {
  std::string_view language;
  std::string_view login;      // {0}: the code.
  std::string_view new_phone;  // {0}: the day; {1}: the code.
};

constexpr std::array<SmsWords, 5> kWords = {{
    {"id",
     "Jaring: kode masuk Anda {0}. Berlaku 10 menit. Jangan berikan kepada siapa pun, juga tidak "
     "kepada petugas.",
     "Jaring: nomor lain akan menggantikan nomor ini di akun Anda pada {0}. Bukan Anda? Hentikan "
     "di /berhenti dengan kode {1}."},
    {"en",
     "Jaring: your login code is {0}. Good for 10 minutes. Give it to nobody, not even to our "
     "staff.",
     "Jaring: another phone is to replace this one for your account on {0}. Was it not you? Stop "
     "it at /berhenti with the code {1}."},
    {"jv",
     "Jaring: kode mlebet panjenengan {0}. Lumampah 10 menit. Sampun dipunparingaken dhateng "
     "sinten kemawon, ugi petugas.",
     "Jaring: nomer sanes badhe nggantos nomer menika tanggal {0}. Sanes panjenengan? Kendelaken "
     "ing /berhenti mawi kode {1}."},
    {"su",
     "Jaring: kode lebet anjeun {0}. Berlaku 10 menit. Ulah dipasihkeun ka saha wae, oge ka "
     "patugas.",
     "Jaring: nomer sejen bade ngagentos nomer ieu tanggal {0}. Sanes anjeun? Eureunkeun di "
     "/berhenti ku kode {1}."},
    {"mad",
     "Jaring: kode maso' ajunan {0}. Argana 10 menit. Ja' berri' ka sera bai, keya ka petugas.",
     "Jaring: nomer laen agantea nomer paneka tanggal {0}. Benne ajunan? Ambui e /berhenti "
     "kalaban kode {1}."},
}};

const SmsWords& WordsIn(std::string_view language) {
  const auto* found = std::find_if(kWords.begin(), kWords.end(), [&](const SmsWords& words) {
    return words.language == language;
  });
  return found == kWords.end() ? kWords.front() : *found;
}

std::string Filled(std::string_view words, std::string_view place, std::string_view value) {
  std::string text(words);
  return text.replace(text.find(place), place.size(), value);
}

}  // namespace

std::string LoginCodeText(std::string_view language, std::string_view code) {
  return Filled(WordsIn(language).login, "{0}", code);
}

std::string NewPhoneText(std::string_view language, Date day, std::string_view stop_code) {
  return Filled(Filled(WordsIn(language).new_phone, "{0}", day.ToString()), "{1}", stop_code);
}

}  // namespace jaring
