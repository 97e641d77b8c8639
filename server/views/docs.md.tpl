% site = links.absolute(links.home).rstrip('/')
# Documentation

## Install

    composer config repositories.frontispiece composer {{!site}}
    composer require wp-plugin/{{!examples.plugin or '<slug>'}}
    composer require wp-theme/{{!examples.theme or '<slug>'}}

Versions are those tagged in WordPress.org's Subversion.\\
% if examples.trunk:
 `composer require wp-plugin/{{!examples.trunk}}:dev-trunk` takes a plugin's trunk as it is now, by Subversion:
the command `svn` has to be there.\\
% end
% if examples.kept:
 Of a plugin that was released without a tag, like `wp-plugin/{{!examples.kept}}`, the zip is kept here, if
it says that it is the announced version. It is a version like any other, stays the same for ever, and is
marked: `sha256` in the API, and as its `dist.reference`.\\
% end


A version that appeared here after the directory began says since when (`published-time`). Versions
from before have no such time: a project with a cooldown (`policy.cooldown`, Composer 2.11) says
`"require-published-time": false` beside this repository's address. One whose tag
was changed after its first day is marked, and its `dist.reference` names the revision. Plugins that a
plugin needs are suggested by it. Releases without a tag: <{{!site}}/untagged>

## Configuration

Packages are of the types `wordpress-plugin` and `wordpress-theme`; `composer/installers` puts them
in their folders, which `extra.installer-paths` in composer.json may change. WordPress itself comes from
packagist.org: `roots/wordpress`, or `johnpbloch/wordpress`.

## Closed packages

What WordPress.org has closed goes on installing, called abandoned; closed for a security issue, it is
an advisory, too. Composer 2.9 and later refuse that in a full update, unless its id (as `composer audit`
prints it) stands in `config.policy.advisories.ignore-id` of composer.json. Composer 2.10 and later read
the filter list `wporg-closed`, of all closed packages, where a project says so:

    "config": { "policy": { "wporg-closed": { "block": true, "audit": "fail" } } }

## Moving from wpackagist

`wpackagist-plugin/<slug>` is `wp-plugin/<slug>`, `wpackagist-theme/<slug>` is `wp-theme/<slug>`.
From WP Packages, only the repository's address changes. The page moves a pasted composer.json in the
browser; with a checkout:

    .venv/bin/python -m scripts.from_wpackagist path/to/composer.json --to {{!site}}

## API

- OpenAPI description: <{{!site}}/api/openapi.json>
- Search: <{{!site}}/api/packages?q=form>
- The whole list, up to 1,000 packages an answer: `{{!site}}/api/packages?type=theme&per_page=1000`; each
  answer gives the address of what follows as `next`, `null` at the end. It holds a place in the order,
  also in the next release: packages that did not change are neither left out nor given twice.
- What was updated since a day, a moment or Unix seconds: `{{!site}}/api/packages?updated_since=2026-11-01`
- One package: `{{!site}}/api/packages/plugin/<slug>` or, as Markdown, `{{!site}}/packages/plugin/<slug>.md`
- Packages side by side: `{{!site}}/compare.md?a=plugin/<slug>&b=plugin/<slug>`
- What changed between two versions: `{{!site}}/packages/plugin/<slug>/changes/1.0...1.1` leads there
- Installs by Composer: <{{!site}}/api/stats>, `{{!site}}/api/packages/plugin/<slug>/stats.json`, badge
  `{{!site}}/badges/plugin/<slug>.svg`; of plugins with a release without a tag, whether it has one by
  now: `{{!site}}/badges/plugin/<slug>.tag.svg`
- `composer search` finds what is here. Composer 2.5, which Debian 12 has, cuts long descriptions byte
  by byte and ends with "Malformed UTF-8 characters" where that falls inside a letter such as "é";
  `composer search --format=json form` cuts nothing.
- Closures: <{{!site}}/closed.json>
- Feeds: <{{!site}}/feed.xml>, <{{!site}}/new/feed.xml>, <{{!site}}/closed/feed.xml>

## How installs are counted

Active installs are WordPress.org's figure, a lower bound. Composer installs are counted from what
Composer tells after installing: one a package, network and hour, whatever the versions, and 10,000
a network and day. A network is an IPv4 address, or 64 bits of IPv6. So builds behind one address are
one visitor: those that install the same package within an hour are one install, and a farm that
installs more than 400 packages every hour has the rest of its day left out. The address stands in a
log until the daily count deletes it, then for at most two days in a hash under a key of the day.
