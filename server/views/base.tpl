<!doctype html>
<html lang="en">
<head>
% include('head.tpl')
<style>
% include('style.css')
</style>
<script src="{{links.to(script)}}" defer></script>
</head>
<body data-base="{{links.base}}">
<a class="skip" href="#main">Skip to the content</a>
<header class="masthead">
<a class="mark" href="{{links.home}}">Frontispiece</a>
% if not head.searched:
<form class="search small" action="{{links.home}}" method="get" role="search">
<label for="find" class="quiet">Search plugins and themes</label>
<input id="find" type="search" name="q" maxlength="200" dir="auto" autocomplete="off" placeholder="Search">
<button type="submit">Search</button>
</form>
% end
<nav aria-label="Site">
<ul>
<li><a href="{{links.list('type=plugin')}}">Plugins</a></li>
<li><a href="{{links.list('type=theme')}}">Themes</a></li>
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
<li><a href="{{links.to('closed')}}">Closed packages</a></li>
<li><a href="{{links.to('untagged')}}">Not tagged</a></li>
<li><a href="{{links.to('status')}}">Status</a></li>
</ul>
<p>WordPress plugins and themes for Composer. Every page faces a picture, drawn before anyone asks for it.</p>
% if not head.searched:
<p data-fresh hidden></p>
% end
</footer>
</body>
</html>
