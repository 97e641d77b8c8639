# Not tagged

{{!f'{count:,}'}} {{!'plugin announces' if count == 1 else 'plugins announce'}} a version that only trunk holds, so that Composer cannot pin it.
By author: <{{!links.absolute(links.to('untagged/authors'))}}>

% include('untagged_lines.tpl', entries=entries)
