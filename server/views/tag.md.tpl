# Tagged {{!figures.markdown(label)}}

{{!f'{count:,}'}} {{!'package' if count == 1 else 'packages'}}

% include('index_lines.tpl', entries=entries)
