<!doctype html>
<html lang="en">
<head>
% include('head.tpl')
<style>
% include('style.css')
</style>
</head>
<body>
<header class="masthead">
<a class="mark" href="{{links.home}}">Frontispiece</a>
</header>
<main>
{{!base}}
</main>
<footer class="colophon">
<p>WordPress plugins and themes for Composer. Every page faces a picture, drawn before anyone asks for it.</p>
</footer>
</body>
</html>
