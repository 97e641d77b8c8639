<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom">
<id>{{address}}</id>
<title>{{title}}</title>
<updated>{{updated}}</updated>
<link rel="self" type="application/atom+xml" href="{{address}}"/>
<link rel="alternate" type="text/html" href="{{page}}"/>
<author><name>Frontispiece</name><uri>{{home}}</uri></author>
% for item in items:
<entry>
<id>{{item.id}}</id>
<title>{{item.title}}</title>
<updated>{{figures.iso(item.when)}}</updated>
<link rel="alternate" type="text/html" href="{{item.link}}"/>
% if item.changelog:
<link rel="related" type="text/html" title="Changelog" href="{{item.changelog}}"/>
% end
% if item.author:
<author><name>{{item.author}}</name></author>
% end
<summary>{{item.summary}}</summary>
</entry>
% end
</feed>
