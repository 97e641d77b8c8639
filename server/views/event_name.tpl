% if one.has_page:
<a href="{{links.package(one.entry.type, one.entry.slug)}}"><bdi>{{one.entry.name}}</bdi></a>\\
% else:
<bdi>{{one.entry.name}}</bdi>\\
% end
