<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{head.full_title}}</title>
% if not head.indexed:
<meta name="robots" content="noindex">
% else:
<meta name="robots" content="max-image-preview:large">
% end
% if head.description:
<meta name="description" content="{{head.description}}">
% end
<meta name="color-scheme" content="light dark">
<meta name="theme-color" content="#f9f5ea" media="(prefers-color-scheme: light)">
<meta name="theme-color" content="#1a1714" media="(prefers-color-scheme: dark)">
<link rel="icon" href="{{links.to('favicon.svg')}}" type="image/svg+xml">
<link rel="icon" href="{{links.to('favicon.ico')}}" sizes="32x32">
<link rel="apple-touch-icon" href="{{links.to('apple-touch-icon.png')}}">
<link rel="manifest" href="{{links.to('site.webmanifest')}}">
<link rel="search" href="{{links.to('opensearch.xml')}}" type="application/opensearchdescription+xml" title="Frontispiece">
% for feed in head.feeds:
<link rel="alternate" href="{{feed.address}}" type="application/atom+xml" title="{{feed.title}}">
% end
% if head.markdown:
<link rel="alternate" href="{{head.markdown}}" type="text/markdown">
% end
% if head.previous:
<link rel="prev" href="{{head.previous}}">
% end
% if head.next:
<link rel="next" href="{{head.next}}">
% end
% if head.url:
<link rel="canonical" href="{{head.url}}">
<meta property="og:site_name" content="Frontispiece">
<meta property="og:locale" content="en_US">
<meta property="og:type" content="website">
<meta property="og:url" content="{{head.url}}">
<meta property="og:title" content="{{head.title}}">
<meta name="twitter:title" content="{{head.title}}">
% if head.description:
<meta property="og:description" content="{{head.description}}">
<meta name="twitter:description" content="{{head.description}}">
% end
% if head.image:
<meta property="og:image" content="{{head.image.url}}">
<meta property="og:image:type" content="image/png">
<meta property="og:image:width" content="{{head.image.width}}">
<meta property="og:image:height" content="{{head.image.height}}">
<meta property="og:image:alt" content="{{head.image.alt}}">
<meta name="twitter:card" content="summary_large_image">
<meta name="twitter:image" content="{{head.image.url}}">
<meta name="twitter:image:alt" content="{{head.image.alt}}">
% end
% end
% for block in head.data_blocks:
<script type="application/ld+json">{{!block}}</script>
% end
