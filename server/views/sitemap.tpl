<?xml version="1.0" encoding="utf-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
% for url, changed in urls:
<url><loc>{{url}}</loc>\\
% if changed is not None:
<lastmod>{{figures.iso(changed)}}</lastmod>\\
% end
</url>
% end
</urlset>
