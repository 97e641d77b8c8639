# Frontispiece

WordPress plugins and themes, one `composer require` away: {{!f"{counts.get('plugin', 0):,}"}} plugins and {{!f"{counts.get('theme', 0):,}"}} themes, data of {{!figures.iso_day(data_of)}}.

Search: {{!links.absolute(links.to('api/packages'))}}?q=… · [Documentation]({{!links.absolute(links.to('docs.md'))}}) · [Status]({{!links.absolute(links.to('status.md'))}})

## Most installed

% include('index_lines.tpl', entries=popular)

% if themes:
## Themes

% include('index_lines.tpl', entries=themes)

% end
## Just released

% include('index_lines.tpl', entries=recent)
