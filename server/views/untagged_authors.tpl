% rebase('base.tpl')
<div class="heading">
<h1>Not tagged, by author</h1>
<p>Whose plugins announce a version that only trunk holds, with a text to send to each.</p>
<p><a href="{{links.to('untagged')}}">By installs</a> <span>· by author</span></p>
</div>
% if entries:
<ol class="contents" start="{{paging.offset + 1}}">
% for one in entries:
<li class="plugin">
<span class="tile" aria-hidden="true" data-initial="{{initial(one.name, one.key)}}"></span>
<div>
<h2><a href="{{links.untagged_author(one.key)}}"><bdi>{{one.name}}</bdi></a></h2>
<p class="imprint"><span>{{f'{one.packages:,}'}} {{'plugin' if one.packages == 1 else 'plugins'}}</span></p>
</div>
<p class="measure"><data value="{{one.active_installs}}" title="Active installs">{{figures.short(one.active_installs)}}</data></p>
</li>
% end
</ol>
% else:
<p class="nothing">Every announced release has a tag.</p>
% end
% include('paging.tpl', number=paging.number, last=paging.last)
