// Limits of the web server, with unit and reason. They stand apart from base/limits.h, which every file includes, and
// belong to the same namespace.
#pragma once

#include <chrono>
#include <cstddef>

namespace trueup::limits {

inline constexpr std::size_t kMaxRequestHeaderBytes = 16U << 10U;  // browsers send about 2 KB, with cookies
inline constexpr std::size_t kMaxRequestBodyBytes = 2U << 20U;     // a config.json of 1,000 plugins is under 1 MB
inline constexpr std::size_t kMaxUploadBodyBytes = 52U << 20U;     // ten pictures of the largest kind, and the form
inline constexpr std::size_t kMaxFormParts = 40;                   // of an upload: ten pictures and a few fields
inline constexpr std::size_t kMaxPartHeaderBytes = 2048;           // of one of them
inline constexpr std::size_t kMaxIncomingBytes = 24U << 20U;       // of all requests that are on their way, together
inline constexpr std::size_t kMaxUploadsBytes = 64U
                                                << 20U;  // of pictures likewise, until they are answered: one or two
inline constexpr std::size_t kMaxBodyMembers = 2000;  // of one object or list: a config.json of 1,000 plugins has 1,100
inline constexpr std::size_t kMaxBodyValues = 40'000;  // and in all: what is merged is compared member by member
inline constexpr std::size_t kMaxRequestFields = 100;  // header fields; browsers send about 20
inline constexpr std::size_t kMaxRequestTargetBytes = 4096;
inline constexpr std::size_t kMaxFormFields = 2000;   // a form of LEDMatrix's largest plugin has about 300
inline constexpr std::size_t kMaxConnections = 1200;  // descriptors of a service are 1,024 unless it asks for more
inline constexpr std::size_t kMaxEventStreams = 1050;
inline constexpr std::size_t kMaxHistoryShown = 1000;           // newest lines; `trueup history` shows all
inline constexpr std::size_t kMaxRequestsAtOnce = 64;           // that wait for the disk
inline constexpr std::size_t kMaxEventQueueBytes = 64U << 10U;  // of one reader who does not read; then it starts anew
inline constexpr std::chrono::seconds kRequestTime{10};         // from its first byte to its last
inline constexpr std::chrono::seconds kUploadTime{60};     // the same of pictures: a phone at the end of the garden
inline constexpr std::size_t kSlowUpload = 128U << 10U;    // and a second more for so much that has come
inline constexpr std::chrono::seconds kLingerTime{10};     // for who is refused to stop sending and read why
inline constexpr std::chrono::seconds kIdleTime{60};       // between two requests
inline constexpr std::chrono::seconds kWriteTime{30};      // in which a reader takes nothing
inline constexpr std::chrono::seconds kLongestAnswer{25};  // of a change; then its number is the answer
inline constexpr std::chrono::seconds kHeartbeat{20};      // of an event stream, so that both sides notice an end

}  // namespace trueup::limits
