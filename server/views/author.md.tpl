# {{!figures.markdown(name)}}

{{!f'{count:,}'}} {{!'package' if count == 1 else 'packages'}}{{!', page %d of %d' % (leaf.number, leaf.last) if leaf.last > 1 else ''}}

% include('index_lines.tpl', entries=entries)
