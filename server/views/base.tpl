<!doctype html>
<html lang="en">
<head>
% include('head.tpl')
<style>
% include('style.css')
% if style:
% include(style)
% end
</style>
<script src="{{links.to(script)}}" defer></script>
</head>
<body data-base="{{links.base}}">
% found = bool(get('shown') and get('entries'))
<a class="skip" href="#{{'found' if found else 'main'}}">Skip to the {{'results' if found else 'content'}}</a>
<header class="masthead">
<a class="mark" href="{{links.home}}">Frontispiece</a>
% if not head.searched:
% include('search.tpl', words=head.words, kept=head.kept, id='find')
% end
<nav aria-label="Site">
<ul>
<li><a href="{{links.list('type=plugin')}}">Plugins</a></li>
<li><a href="{{links.list('type=theme')}}">Themes</a></li>
<li><a href="{{links.to('closed')}}">Closed</a></li>
<li><a href="{{links.to('docs')}}">Docs</a></li>
</ul>
</nav>
</header>
<main id="main">
{{!base}}
</main>
<footer class="colophon">
<ul>
<li><a href="{{links.to('feed.xml')}}">Feed</a></li>
<li><a href="{{links.to('docs')}}#api">API</a></li>
<li><a href="{{links.to('untagged')}}">Not tagged</a></li>
<li><a href="{{links.to('status')}}">Status</a></li>
</ul>
<p>WordPress plugins and themes for Composer. Every page faces a picture, drawn before anyone asks for it.</p>
% if data_of:
<p>Data of <time datetime="{{figures.iso_day(data_of)}}">{{figures.day(data_of)}}</time></p>
% end
</footer>
</body>
</html>
