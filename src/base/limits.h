// Every limit on untrusted input and on waiting, in one place, with its unit and reason.
#pragma once

#include <chrono>
#include <cstddef>

namespace trueup::limits {

inline constexpr std::size_t kMaxConfigBytes = 64U << 20U;    // config, secrets, template, state: a Pi has 512 MB
inline constexpr std::size_t kMaxManifestBytes = 1U << 20U;   // real manifests are under 64 KB
inline constexpr std::size_t kMaxManifestNames = 100;         // former ids, files: real manifests name under 10
inline constexpr std::size_t kMaxFieldProblems = 20;          // told of one manifest; nobody reads more
inline constexpr std::size_t kMaxCodeBytes = 8U << 20U;       // a plugin's entry file: real ones are under 300 KB
inline constexpr std::size_t kMaxRegistryBytes = 64U << 20U;  // 10,000 entries are about 6 MB
inline constexpr std::size_t kMaxRegistryEntries = 100'000;
inline constexpr std::size_t kMaxRegistryTextBytes = 4096;   // one name or description of an entry
inline constexpr std::size_t kMaxRegistryAliases = 32;       // of one entry
inline constexpr std::size_t kMaxRegistryTags = 32;          // of one entry
inline constexpr std::size_t kMaxRegistryRanges = 8;         // of LEDMatrix, of one entry
inline constexpr std::size_t kMaxRegistryVersionBytes = 64;  // of one of them, and of a floor
inline constexpr std::size_t kMaxWebAddressBytes = 2048;     // longer ones are refused by many servers
inline constexpr std::size_t kMaxSavedRepositories = 100;
inline constexpr std::size_t kMaxArchiveBytes = 256U << 20U;       // the official monorepo is about 40 MB
inline constexpr std::size_t kMaxArchiveEntries = 100'000;         // of a whole monorepo
inline constexpr std::size_t kMaxArchivePathBytes = 1024;          // of one name in an archive
inline constexpr std::size_t kMaxArchiveRatio = 200;               // unpacked to packed; text packs 1:20 at best
inline constexpr std::size_t kArchiveRatioFreeBytes = 16U << 20U;  // below that the ratio does no harm
inline constexpr std::size_t kMaxPackBytes = 64U << 20U;           // of one plugin that is kept for repairs
inline constexpr std::size_t kMaxPacksBytes = 256U << 20U;         // of all that are kept
inline constexpr int kMaxRedirects = 5;
inline constexpr int kDownloadTries = 3;  // of one pass
inline constexpr std::size_t kDownloadsAtOnce = 4;
inline constexpr std::chrono::seconds kConnectPatience{10};
inline constexpr std::chrono::seconds kRegistryPatience{30};
inline constexpr std::chrono::minutes kDownloadPatience{10};
inline constexpr std::chrono::minutes kUnpackPatience{5};
inline constexpr std::chrono::seconds kSlowPatience{20};  // a transfer slower than kSlowBytes a second for that long
inline constexpr std::size_t kSlowBytes = 200;
inline constexpr std::chrono::minutes kRegistryAskedEvery{10};  // at most, by all processes together
inline constexpr std::chrono::seconds kLongestRetryAfter{30};   // a server that asks for more is left for a later pass
inline constexpr std::size_t kMaxTombstoneBytes = 4U << 20U;
inline constexpr std::size_t kMaxReceiptBytes = 8U << 20U;
inline constexpr std::size_t kMaxRuntimeBytes = 4U << 20U;        // what the display tells: 1,000 plugins are 400 KB
inline constexpr std::size_t kMaxRuntimePlugins = 10'000;         // in it
inline constexpr std::size_t kMaxRuntimeTextBytes = 300;          // one text of it; LEDMatrix cuts at 200 characters
inline constexpr std::size_t kMaxHealthRecordBytes = 64U << 10U;  // real ones are under 4 KB
inline constexpr std::size_t kMaxJournalBytes = 64U << 20U;       // emptied after each pass; a pass writes some KB
inline constexpr std::size_t kMaxLedgerBytes = 4U << 20U;         // old history goes before the file grows beyond
inline constexpr std::int64_t kMaxFetchedRemembered = 1'000;      // versions of plugins, with what came as each
inline constexpr std::size_t kMaxLedgerReadBytes = 64U << 20U;    // one pass may be large
inline constexpr std::size_t kMaxReportBytes = 64U << 20U;        // of 10,000 plugins about 20 MB
inline constexpr std::size_t kMaxPluginFileBytes = 256U << 20U;
inline constexpr std::size_t kMaxPluginTreeBytes = 512U << 20U;  // one plugin, all files
inline constexpr std::size_t kMaxPluginFiles = 20'000;
inline constexpr std::size_t kMaxPluginDepth = 32;
inline constexpr std::size_t kMaxPluginIdBytes = 128;
inline constexpr std::size_t kMaxJsonDepth = 990;         // Python's parser gives up near 1,000
inline constexpr std::size_t kMaxJsonValues = 4'000'000;  // 128 MB of memory; 10,000 plugins have about 300,000
inline constexpr std::size_t kMaxJsonNotes = 1'000;
inline constexpr std::size_t kMaxPythonDigits = 4'300;  // Python 3.11 reads no longer whole number

inline constexpr std::size_t kMaxSettingKeyBytes = 4096;          // of `config set ID KEY VALUE`
inline constexpr std::size_t kMaxSettingKeyParts = 100;           // real settings lie at most 6 deep
inline constexpr std::size_t kMaxSettingValueBytes = 1U << 20U;   // larger ones are edited in the file
inline constexpr std::size_t kMaxSettingsPatchBytes = 2U << 20U;  // of `config apply`: as large as a whole config.json

// Pictures that the owner uploads for a plugin: the first three are LEDMatrix's own.
inline constexpr std::size_t kMaxPicturesAtOnce = 10;
inline constexpr std::size_t kMaxPictureBytes = 5U << 20U;    // of one
inline constexpr std::size_t kMaxPicturesBytes = 50U << 20U;  // of one plugin, together
inline constexpr std::size_t kMaxPictures = 500;              // of one plugin, for another to be taken
inline constexpr std::size_t kMaxPicturesListed = 10'000;
inline constexpr std::size_t kMaxPictureNameBytes = 255;          // as it is called where it comes from
inline constexpr std::size_t kMaxPictureNotesBytes = 1U << 20U;   // of .metadata.json; 500 pictures are 150 KB
inline constexpr std::size_t kMaxPicturesSetAside = 200U << 20U;  // beyond, those go that no undo needs any more

inline constexpr std::int64_t kCrossedKeptFor = 20;  // later actions, before a text that was put back is let go
inline constexpr std::size_t kLastGoodCopies = 5;    // distinct ones of each document

// Plugin schemas come from strangers: what does not end within these is refused (the slowest takes a few seconds).
inline constexpr std::size_t kMaxSchemaParts = 20'000;
inline constexpr std::size_t kMaxSchemaSteps = 5'000'000;
inline constexpr std::size_t kMaxSchemaDepth = 1'000;
inline constexpr std::size_t kMaxSchemaViolations = 1'000;
inline constexpr std::size_t kMaxPluginSchemaBytes = 1U << 20U;  // real ones are under 100 KB
inline constexpr std::size_t kMaxSettingProblems = 20;           // told of one plugin; nobody reads more
inline constexpr int kSettingsCheckVersion = 1;            // of the checks: another one forgets what was found right
inline constexpr std::size_t kMaxSchemaKeysTold = 10'000;  // as what a mistyped key may have meant
inline constexpr std::size_t kMaxPatternBytes = 4U << 10U;
inline constexpr std::size_t kMaxPatternSubjectBytes = 16U << 10U;

inline constexpr std::chrono::milliseconds kParseRetryTime{500};  // LEDMatrix truncates in place and then writes
inline constexpr std::chrono::milliseconds kLeaseWait{2000};
inline constexpr int kExchangeRounds = 8;

}  // namespace trueup::limits
