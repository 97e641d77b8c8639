% rebase('base.tpl')
<div class="opening">
<h1>Changelog</h1>
<p><a href="{{links.package(package.type, package.slug)}}"><bdi>{{package.name}}</bdi></a></p>
</div>
<div class="prose">
% if html:
{{!html}}
% else:
<p>None is kept here. <a href="https://wordpress.org/{{package.type}}s/{{package.slug}}/" rel="nofollow">WordPress.org</a> may have one.</p>
% end
</div>
