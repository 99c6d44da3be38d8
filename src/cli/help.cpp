// The help texts: what a verb is for, examples first. Data; kept to 80 columns.
#include <array>

#include "cli/arguments.h"

namespace trueup::cli {
namespace {

constexpr std::string_view kOverview =
    R"help(trueup keeps a LEDMatrix installation true to itself: it says where the
settings, the installed plugins and the recorded state disagree, and mends what
is safe.

  trueup status           what is wrong, on one screen (changes nothing)
  trueup plan             what reconcile would do, in steps (changes nothing)
  trueup reconcile        do it; trueup undo takes it back

Look
  status                  what is wrong and what comes next
  plan                    every step and every finding
  explain ID              why a plugin is, or is not, on the display
  list                    installed plugins
  history                 what was done, when and why
  doctor                  the installation and trueup's own files
  report                  all that a plan follows from, without secrets, to post
Keep it so
  serve                   reconcile at each change, for as long as it runs
  token new|list|revoke   let programs of other machines in
Change
  reconcile [ID...]       mend what can be mended
  enable ID, disable ID   switch a plugin on or off
  config get|set|unset|apply|reset|purge ID ...   a plugin's settings
  install ID              fetch it from the registry
  update ID...|--all      newer versions; the old ones are kept
  freeze                  what is installed, for install --from on another card
  uninstall ID            take it away; what it was is kept
  picture list|add|remove ID ...   pictures uploaded for a plugin
  store search|show|refresh|add|remove ...   what there is to install
  undo                    take back the last command, or what N of history did
  resolve FINDING         settle what needs you, by a choice that it offers
  ignore FINDING          no longer be told of it, while it stays as it is
  restore FILE            put back a copy of a settings file that still reads
For authors
  check DIR               what to mend in a plugin before others install it
Try
  demo DIR                a small drifted installation to play with

  --root DIR              the installation (else $TRUEUP_ROOT, else the nearest
                          directory above with config/config.json)
  --registry URL|PATH|none   where plugins come from (else $TRUEUP_REGISTRY,
                          else "registry" in config/trueup/settings.json, else
                          LEDMatrix's own on the network)
  --json                  one JSON object instead of words
  --rules safe|ledmatrix  whose decisions: ours, or those of LEDMatrix itself
  --wait SECONDS          how long to wait for another trueup (default 10)
  --version

Exit status: 0 in agreement or done; 2 reconcile can mend it; 3 something needs
you; 4 another trueup is working; 5 something could not be read; 1 failed; 64
wrong usage.
More about a command: trueup help COMMAND
)help";

constexpr std::string_view kStatus =
    R"help(trueup status

  trueup status                one screen: what, why, what happens next
  trueup status --json         the same for a program, with every detail
  watch -n 10 trueup status    keep an eye on it

Reads and decides, and writes nothing: it works while LEDMatrix runs, and for a
user who may not write. Sources that could not be read come first, because
nothing was decided on them; then what needs you; then what reconcile would
mend.
Exit status: 0 in agreement, 2 reconcile can mend it, 3 something needs you,
5 something could not be read.
)help";

constexpr std::string_view kPlan =
    R"help(trueup plan [--from REPORT]

  trueup plan                    every step that reconcile would take, in order
  trueup plan --json             with the digest for `reconcile --confirm`
  trueup --registry none plan    as if no plugin could be fetched
  trueup plan --from report.json the plan of another installation's report

Names every file and value that would change, everything that needs you, and
everything that is left alone on purpose. Writes nothing and uses no network.
)help";

constexpr std::string_view kReconcile =
    R"help(trueup reconcile [ID...] [--retry] [--confirm DIGEST]

  trueup reconcile                      mend everything that is safe to mend
  trueup reconcile weather              only this plugin, also when it was held
  trueup reconcile --retry              try again what was refused before
  trueup reconcile --confirm 5f1d...    do this plan, the steps it holds as well

Never enables what you did not enable, never overwrites your settings, never
brings back what you removed. What it replaces is kept: see `trueup history`
and `trueup undo`. A step counts as mended only when a second look no longer
finds the problem.

The display loads plugins only when it starts. "restart_display" in
config/trueup/settings.json says whether trueup may restart it for that: never,
ask (the default: you are told the command), always, or quiet-hours, with
"quiet_hours": "01:00-06:00".
"python_requirements" there says what becomes of Python packages that a plugin
lacks: tell (the default: you are told the command) or install, which runs pip.
)help";

constexpr std::string_view kExplain =
    R"help(trueup explain ID|MODE

  trueup explain weather  why is it, or is it not, on the display?
  trueup explain nfl_live which plugin provides this display mode?

Follows the chain wanted, installed, intact, configured, running, stops at the
first broken link, shows what that rests on, and names the command that mends
it. Also names the plugin's display modes, and who else provides them.
)help";

constexpr std::string_view kList =
    R"help(trueup list

  trueup list             installed plugins, and those that are missing
  trueup list --json      for a program
  trueup list | cut -f1   their ids

ENABLED says "(recorded)" where only plugin_state.json has an opinion,
"(unstated)" where nobody has, and "(invalid)" where the setting is no true or
false.
)help";

constexpr std::string_view kEnable =
    R"help(trueup enable ID

  trueup enable weather   switch it on in config.json

Writes `enabled` and the recorded state, and nothing else. The display takes it
up at its next start: sudo systemctl restart ledmatrix
)help";

constexpr std::string_view kDisable =
    R"help(trueup disable ID

  trueup disable weather  switch it off in config.json

Writes `enabled` and the recorded state, and nothing else: its settings and
files stay.
)help";

constexpr std::string_view kConfig =
    R"help(trueup config get ID [KEY] | set ID KEY VALUE | unset ID KEY | apply ID |
              reset ID [--with-secrets] | purge ID

  trueup config get weather                       every setting, and its origin
  trueup config set weather city "New York"       text, by the plugin's schema
  trueup config set weather update_interval 600   a number
  trueup config set weather teams '["LAL", "GSW"]'      lists, objects: JSON
  trueup config set weather teams.0 BOS           one element, from 0
  trueup config set weather teams.- DEN           one more at the end
  trueup config set weather api_key -             asks, and shows nothing
  trueup config set weather api_key - < key.txt   or reads standard input
  trueup config unset weather city                the default stands again
  trueup config apply weather < many.json    {"config": {...}, "clear": [KEY]}
  trueup config reset weather                     its schema's defaults again
  trueup config purge weather                     all, of one that is gone
  trueup config core < some.json      sections of LEDMatrix itself
  trueup config replace [--drop SECTION] < config.json     the whole file
  trueup config secrets < some.json   into the secrets file

KEY: dots lead inside. A key that has dots itself is found where the schema or
the settings have it (leagues.eng.1.enabled); a new one stands in quotes, or
write a JSON pointer: 'leagues."eng.1".enabled' is /leagues/eng.1/enabled .
VALUE: as the plugin's schema wants it; what it forbids is refused, with the
reason, and nothing changes. Without a schema it is JSON if it reads as JSON,
else text. A VALUE that starts with two dashes stands behind -- .
Secrets (x-secret in the schema; without one, by name) go to
config/config_secrets.json, are not shown by get, and need not be typed where
others can see them: use - . Without a schema get also hides what may be one.
`enabled` is the same as trueup enable, disable.
Changes only the bytes of that setting; `trueup undo` takes it back.
)help";

constexpr std::string_view kInstall =
    R"help(trueup install ID | URL [--id ID] | PATH | --from LOCKFILE

  trueup install weather                   from your registry
  trueup install --from plugins.lock       what `trueup freeze` wrote, exactly
  trueup --registry /mnt/usb install weather    from a directory
  trueup install https://github.com/someone/their-plugin    from its maker
  trueup install ./weather.zip             from an archive or directory here

Also puts a new copy in the place of a damaged plugin; the damaged one is kept.
A local registry is a directory with plugins.json and plugins/<directory>/. What
comes from a PATH (with a slash in it) is left alone by `trueup update`. An
installed plugin is not switched on by this: `trueup enable ID` does that.
What the registry calls by a new id takes the place of the old one, and what is
set for that goes along. Its Python packages are installed only where
"python_requirements" in config/trueup/settings.json is "install".
)help";

constexpr std::string_view kUpdate =
    R"help(trueup update ID... | --all [--from ADDRESS] [--retry]

  trueup update weather     a newer version in the place of the one that is here
  trueup update --all       of every plugin that came from a store
  trueup update weather --from https://github.com/someone/led-weather

Takes each plugin from where it came from; from elsewhere only with --from. The
new version is fetched and checked before the old one is touched, the old one
is kept, and `trueup undo` brings it back. Settings stay as they are (they go
along to the id that the registry gives a plugin by now), and what is off stays
off. Says for each plugin what became of it; one that fails leaves the others
alone, and the exit status is then 1.
Plugins whose files you changed, links and plugins of no store are left alone.
What was fetched and was not fit is not fetched again before the store offers
another version; --retry does.
)help";

constexpr std::string_view kFreeze =
    R"help(trueup freeze

  trueup freeze > plugins.lock             here
  trueup install --from plugins.lock       on the new card

Writes which plugins are installed, from where, in which version and with which
files. install --from puts exactly these on another device: where a source has
only another version by now, or other files, that plugin is told of and left.
Links, git checkouts, plugins of no store and those whose files you changed are
left out, and named. Settings are in config/: copy that directory as well.
)help";

constexpr std::string_view kUninstall =
    R"help(trueup uninstall ID [--keep-config] | --dir NAME

  trueup uninstall weather  files, settings and record go; all is kept
  trueup uninstall weather --keep-config   the settings stay where they are
  trueup uninstall --dir weather-old       a directory that is no plugin

Remembers that you removed it, so that nothing brings it back. `trueup undo`
does.
)help";

constexpr std::string_view kStore =
    R"help(trueup store search [TEXT] [--category NAME]
trueup store show ID
trueup store refresh [--anyway]
trueup store add URL | remove URL

  trueup store search               everything that can be installed
  trueup store search clock         what has that word in name or description
  trueup store show weather         all that the store says about one plugin
  trueup store show https://...     what a repository offers; saves nothing
  trueup store refresh              ask the registry now
  trueup store add https://github.com/someone/led-plugins

search and show read the copy of the registry on this disk, as plan does, and
use no network. reconcile and install bring the copy up to date, at most once
in ten minutes; refresh does at once.
search and show say what does not fit this LEDMatrix, where its entry tells;
that is refused before anything is fetched.
A new list that is damaged, older, or has lost more than half of its plugins is
not believed, and the copy stays: refresh --anyway takes it all the same.
A repository that you add is a registry or one plugin. What it offers is never
"verified", never replaces a row of the registry, and is only installed when
you name it.
)help";

constexpr std::string_view kHistory =
    R"help(trueup history

  trueup history          what was done, newest last
  trueup undo 3           take number 3 back
)help";

constexpr std::string_view kUndo =
    R"help(trueup undo [N] | trueup undo --to N

  trueup undo             take back the last command, and say what that was
  trueup undo 3           take back number 3 of `trueup history`
  trueup undo --to 3      take back number 3 and everything after it

Puts back only what is still as trueup left it; what someone changed since is
named and stays. What was undone is held: reconcile does not do it again by
itself.
)help";

constexpr std::string_view kRestore =
    R"help(trueup restore FILE [--from COPY]

  trueup restore config/config.json     the newest copy that reads
  trueup restore config/config.json --from .trueup/kept/3-config.json

The file that is there now is kept as well. Only copies that read are put back.
)help";

constexpr std::string_view kResolve =
    R"help(trueup resolve FINDING [--choose NAME]

  trueup plan                              lists findings with their choices
  trueup resolve plugin_config_invalid:clock:enabled
                                           what can be chosen, and what it does
  trueup resolve plugin_config_invalid:clock:enabled --choose off

For what needs a person. Every choice says which bytes it changes; what it
replaces is kept, and `trueup undo` brings it back.
)help";

constexpr std::string_view kIgnore =
    R"help(trueup ignore FINDING [--for TIME]

  trueup ignore plugin_missing_on_disk:weather           while it stays so
  trueup ignore plugin_missing_on_disk:weather --for 7d  for a week at most

The finding moves to the notes and no longer counts. It comes back when what it
rests on changes; a line that moved, a newer offer and one more failure do not
count. TIME is a number with s, m, h or d. `trueup undo` takes it back. What
could not be read is never ignored.
)help";

constexpr std::string_view kDoctor =
    R"help(trueup doctor

  trueup doctor           are the installation and trueup's own files sound?

Checks what can be read and written and by whom, free space, the lock, the
journal, what was left over, and where this system is weaker than it should be.
Names the LEDMatrix in whose directory this is, and says for each finding what
that program will do about it when its web process starts next.
What the display runs is read from LEDMatrix's cache; "display_cache" in
config/trueup/settings.json names its directory where that is no usual one.
Writes nothing.
)help";

constexpr std::string_view kReport =
    R"help(trueup report [-o FILE] [--hide-root]

  trueup report -o report.json    to attach to an issue
  trueup report | less            look through it before you post it
  trueup plan --from report.json  what somebody else sees of it

One JSON text of what was observed: names and versions of plugins, which are on,
what could not be read. No text of the secrets file is in it, unless a plugin's
name holds that text, which is then told; of settings only `enabled`, what
stands under the core's keys in both files, and what a rename moves. It does
name the directory of the installation; --hide-root leaves that out. FILE must
not exist yet.
)help";

constexpr std::string_view kPicture =
    R"help(trueup picture list ID | add ID FILE... | remove ID PICTURE

  trueup picture add static-image boat.png lake.jpg
  trueup picture list static-image
  trueup picture remove static-image 5f0c...     its id, or its file's name

What the page uploads, from here: png, jpg, gif and bmp, at most ten at once,
5 MB each and 50 MB for one plugin; a plugin's schema may be stricter. They lie
in assets/plugins/ID/uploads, each under a name of its own, and LEDMatrix's page
lists them too. What is removed is kept: trueup undo brings it back.
)help";

constexpr std::string_view kToken =
    R"help(trueup token new NAME [--scope read|write] | list | revoke NAME

  trueup token new weather-station               one that may read
  trueup token new home-assistant --scope write  one that may change as well
  trueup token list
  trueup token revoke weather-station

What a program on another machine shows to the page's API to be let in, as a
header: Authorization: Bearer TOKEN . The token is shown once; only its hash is
kept, in config/trueup/auth.json. Takes effect at once.
)help";

constexpr std::string_view kServe =
    R"help(trueup serve [--foreground] [--web [ADDRESS:]PORT] [--trust NETWORK]

  trueup serve --foreground   watch what it does; Ctrl-C ends it
  trueup serve --web 5050     with the page at http://localhost:5050
  trueup serve --web 0.0.0.0:5050   and for other machines, with a login
  systemctl start trueup      as a service (docs/daemon.md)

Keeps the installation true: reconciles at its start and after every change, and
is at rest when nothing changes. A plugin directory that changed a moment ago is
left alone for ten seconds. While it runs, commands that change something are
done by it; they say the same and end the same as without it.
The first time it tells a set-up code with which the page takes a password.
--trust 192.168.1.0/24 lets that network in without one. More: docs/web.md
"heavy_work" in config/trueup/settings.json says when it may fetch plugins by
itself: any-time (the default), display-dimmed or display-off, which wait until
the display's schedule in config.json says so.
SIGHUP looks at everything anew, SIGTERM ends it after the step at work.
)help";

constexpr std::string_view kCheck =
    R"help(trueup check DIR

  trueup check ./my-plugin         remarks with file, line and column
  trueup check ./my-plugin --json  the same for a program

Reads manifest.json, config_schema.json and the code that the manifest names,
and runs nothing. A problem is what LEDMatrix or the store refuses or what
cannot work; advice is what works and is hardly meant.
Exit status: 0 no problem, 3 something to mend, 1 the directory cannot be read.
)help";

constexpr std::string_view kDemo =
    R"help(trueup demo DIR

  trueup demo /tmp/try    writes a small installation that has drifted
  trueup --root /tmp/try --registry /tmp/try/registry status

DIR must not exist, or be empty.
)help";

struct VerbText {
  std::string_view name;
  std::string_view help;
};

// In the order of Verb.
constexpr std::array<VerbText, kVerbCount> kVerbs{
    {{"status", kStatus},   {"plan", kPlan},       {"reconcile", kReconcile}, {"explain", kExplain},
     {"list", kList},       {"enable", kEnable},   {"disable", kDisable},     {"config", kConfig},
     {"install", kInstall}, {"update", kUpdate},   {"freeze", kFreeze},       {"uninstall", kUninstall},
     {"picture", kPicture}, {"store", kStore},     {"token", kToken},         {"history", kHistory},
     {"undo", kUndo},       {"restore", kRestore}, {"resolve", kResolve},     {"ignore", kIgnore},
     {"doctor", kDoctor},   {"report", kReport},   {"serve", kServe},         {"check", kCheck},
     {"demo", kDemo}}};

}  // namespace

std::string_view to_string(Verb verb) { return kVerbs[static_cast<std::size_t>(verb)].name; }

std::vector<std::string> verb_names() {
  std::vector<std::string> names;
  for (const VerbText& verb : kVerbs) names.emplace_back(verb.name);
  return names;
}

std::string_view help_of(Verb verb) { return kVerbs[static_cast<std::size_t>(verb)].help; }

std::string_view help_overview() { return kOverview; }

}  // namespace trueup::cli
