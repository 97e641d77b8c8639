% rebase('base.tpl')
<div class="opening">
<p class="folio">410</p>
<h1><bdi>{{package.name}}</bdi> was {{'closed' if closure else 'withdrawn'}}</h1>
% if closure:
<p>It was closed {{'for good' if closure.permanent else 'by its directory'}}.\\
% if closure.why:
 Reason given: <bdi>{{closure.why}}</bdi>.\\
% end
</p>
% end
<p>The {{package.type}} <code>{{package.slug}}</code> has not been offered since <time datetime="{{figures.iso_day(package.withdrawn_at)}}">{{figures.day(package.withdrawn_at)}}</time>. Copies that are installed go on working, but get no updates from here.</p>
</div>
