#include "store/fetch_protocol.h"

#include <gtest/gtest.h>

namespace trueup::store {
namespace {

TEST(FetchProtocol, what_is_said_is_what_is_heard) {
  const FetchRequest get = GetRequest{.url = "https://h/x",
                                      .access = {.token = "t", .ca_file = "/c", .private_hosts = {"nas:443"}},
                                      .etag = "\"1\"",
                                      .offset = 7};
  EXPECT_EQ(decode_request(encode(get)).value(), get);
  const FetchRequest unpack = UnpackRequest{.folder = "plugins/x", .most_bytes = 9, .pack = true};
  EXPECT_EQ(decode_request(encode(unpack)).value(), unpack);
  const FetchRequest peek = PeekRequest{.folder = "plugins/x"};
  EXPECT_EQ(decode_request(encode(peek)).value(), peek);
  const FetchRequest clone = CloneRequest{.url = "https://h/x", .access = {.proxy = "http://p"}};
  EXPECT_EQ(decode_request(encode(clone)).value(), clone);
  const std::string manifest(50'000, '\n');
  for (const FetchAnswer& answer :
       {FetchAnswer(FetchProgress{1, 2}), FetchAnswer(GotAnswer{.etag = "e", .url = "u"}),
        FetchAnswer(UnpackedAnswer{.digest = "d", .files = 3}), FetchAnswer(PeekedAnswer{.id = "clock"}),
        FetchAnswer(ClonedAnswer{.commit = "c", .manifest = manifest}),
        FetchAnswer(FetchFailure{.kind = FetchFailure::Kind::spoiled, .message = "a\nb", .keeps_part = true})}) {
    EXPECT_EQ(encode(answer).find('\n'), std::string::npos) << "an answer is one line";
    EXPECT_EQ(decode_answer(encode(answer)).value(), answer);
  }
}

TEST(FetchProtocol, what_is_no_answer_is_none) {
  for (const char* text : {"", "{}", "[]", "{\"is\": \"got\"}", "{\"is\": \"progress\", \"bytes\": -1, \"total\": 0}",
                           "{\"is\": \"progress\", \"bytes\": \"1\", \"total\": 0}", "{\"is\": \"nothing\"}",
                           "{\"is\": \"failed\", \"kind\": \"odd\", \"message\": \"\", \"retry_after\": 0}"}) {
    EXPECT_FALSE(decode_answer(text)) << text;
  }
  const std::string long_text(10'000, 'x');
  EXPECT_FALSE(decode_answer(encode(FetchAnswer(GotAnswer{.url = long_text})))) << "nothing is unbounded";
}

}  // namespace
}  // namespace trueup::store
