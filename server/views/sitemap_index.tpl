<?xml version="1.0" encoding="utf-8"?>
<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<sitemap><loc>{{pages}}</loc></sitemap>
% for url, changed in parts:
<sitemap><loc>{{url}}</loc><lastmod>{{figures.iso(changed)}}</lastmod></sitemap>
% end
</sitemapindex>
