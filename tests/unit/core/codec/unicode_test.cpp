#include "core/codec/unicode.hpp"

#include <doctest/doctest.h>

using namespace mcpauth::unicode;

TEST_CASE("codec/unicode: NFC composes, orders marks and takes the canonical form of singletons") {
  CHECK(nfc("plain") == "plain");
  CHECK(nfc("e\u0301") == "\u00E9");
  CHECK(nfc("\u00E9") == "\u00E9");
  CHECK(nfc("\u212B") == "\u00C5");               // Angstrom sign
  CHECK(nfc("\u1E9B\u0323") == "\u1E9B\u0323");   // UAX #15, figure 6
  CHECK(nfc("o\u0302\u0301") == "\u1ED1");        // two marks of one class, in order
  CHECK(nfc("o\u0301\u0302") == "\u00F3\u0302");  // and the other way
  CHECK(nfc("a\u0301\u0323") == "\u1EA1\u0301");  // the lower class goes first
  CHECK(nfc("\u0438\u0306") == "\u0439");         // Cyrillic
  CHECK(nfc("\u03B1\u0345\u0301") == "\u1FB4");   // Greek
  CHECK(nfc("\u304B\u3099") == "\u304C");         // kana
  CHECK(nfc("\u1112\u1161\u11AB") == "\uD55C");   // Hangul
  CHECK(nfc("\u0958") == "\u0915\u093C");         // excluded from composition
  CHECK(nfc("\u0301a") == "\u0301a");             // a mark with nothing before it
  CHECK(nfc("\xFF") == "\uFFFD");
}

TEST_CASE("codec/unicode: names that look alike have one skeleton") {
  CHECK(skeleton("adrnin") == skeleton("admin"));
  CHECK(skeleton("\u0430dmin") == skeleton("admin"));  // Cyrillic
  CHECK(skeleton("\u03BFkta") == skeleton("okta"));    // Greek
  CHECK(skeleton("\uFF41dmin") == skeleton("admin"));  // full-width
  CHECK(skeleton("team-l") == skeleton("team-1"));
  CHECK(skeleton("team-O") == skeleton("team-0"));
  CHECK(skeleton("e\u0301") == skeleton("\u00E9"));
  CHECK(skeleton("team \"m\" 10|") == "tearn ''rn'' lOl");
  CHECK(skeleton("\u00E9quipe m1") == "e\u0301quipe rnl");  // as in names of ASCII alone
  CHECK(skeleton("admin") != skeleton("admit"));
  CHECK(skeleton("b") != skeleton("d"));
}

TEST_CASE("codec/unicode: letters in lower case, and the alphabet they are of") {
  CHECK(lower("HR-Ö\u0416\u03A9") == "hr-ö\u0436\u03C9");
  CHECK(lower("@AZ[`az{") == "@az[`az{");
  CHECK(script_of(U'a') == Script::latin);
  CHECK(script_of(0xE9) == Script::latin);
  CHECK(script_of(0x430) == Script::cyrillic);
  CHECK(script_of(0x3B1) == Script::greek);
  CHECK(script_of(0xFF41) == Script::full_width);
  CHECK(script_of(0x1D41A) == Script::mathematical);
  CHECK(script_of(0x4E00) == Script::none);
  CHECK(script_of(U'1') == Script::none);
  CHECK(script_of(0xD7) == Script::none);  // the sign of multiplication
  CHECK(code_name(0x430) == "U+0430");
  CHECK(code_name(0xE0041) == "U+E0041");
  CHECK(utf8(code_points("a\u00E9\u20AC\U0001F600")) == "a\u00E9\u20AC\U0001F600");
}
