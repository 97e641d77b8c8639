# Tagged {{!figures.markdown(tag.label)}}

{{!f'{tag.packages:,}'}} {{!'package' if tag.packages == 1 else 'packages'}}

% include('index_lines.tpl', entries=entries)
