<?xml version="1.0" encoding="utf-8"?>
<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">
<sitemap><loc>{{pages}}</loc></sitemap>
% for one in parts:
<sitemap><loc>{{one.url}}</loc><lastmod>{{figures.iso(one.changed)}}</lastmod></sitemap>
% end
</sitemapindex>
