# Frontispiece

> WordPress plugins and themes for Composer: a page, a picture and Composer metadata for each.

Every page has a twin in Markdown at the same address with `.md` at its end (the front page: /index.md), also sent for `Accept: text/markdown`.

- [Documentation]({{!absolute(links.to('docs.md'))}}): installing, configuration, migration, counting
- [API]({{!absolute(links.to('api/openapi.json'))}}): OpenAPI description of the read-only JSON API
- [Search]({{!absolute(links.to('api/packages'))}}?q=contact+form): packages as JSON
- {{!'[One package](' + absolute(links.package('plugin', examples.plugin)) + '.md)' if examples.plugin else 'One package'}}: /packages/plugin/<slug>.md or /packages/theme/<slug>.md
- [Releases]({{!absolute(links.to('feed.xml'))}}), [new packages]({{!absolute(links.to('new/feed.xml'))}}), [closures]({{!absolute(links.to('closed/feed.xml'))}}): Atom feeds
- [Sitemap]({{!absolute(links.to('sitemap.xml'))}})
