# {{!figures.markdown(author.name)}}

{{!f'{author.packages:,}'}} {{!'package' if author.packages == 1 else 'packages'}}{{!', page %d of %d' % (paging.number, paging.last) if paging.last > 1 else ''}}

% include('index_lines.tpl', entries=entries)
