<?xml version="1.0" encoding="utf-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
% for one in urls:
<url><loc>{{one.url}}</loc>\\
% if one.changed is not None:
<lastmod>{{!figures.iso(one.changed)}}</lastmod>\\
% end
</url>
% end
</urlset>
