<?xml version="1.0" encoding="utf-8"?>
<OpenSearchDescription xmlns="http://a9.com/-/spec/opensearch/1.1/">
<ShortName>Frontispiece</ShortName>
<Description>WordPress plugins and themes for Composer</Description>
<InputEncoding>UTF-8</InputEncoding>
<Image width="16" height="16" type="image/svg+xml">{{absolute(links.to('favicon.svg'))}}</Image>
<Url type="text/html" template="{{absolute(links.home)}}?q={searchTerms}"/>
<Url type="application/json" template="{{absolute(links.to('api/packages'))}}?q={searchTerms}"/>
</OpenSearchDescription>
