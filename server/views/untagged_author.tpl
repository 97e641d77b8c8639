% rebase('base.tpl')
<div class="heading">
<h1><bdi>{{author.name}}</bdi></h1>
<p><a href="{{links.author(key)}}">All packages</a> <span>· <a href="{{links.to('untagged/authors')}}">other authors</a></span></p>
</div>
% include('untagged_list.tpl', entries=entries)
% if letter:
<div class="prose">
<h2 id="letter">What to write</h2>
<p>A text for the plugin’s support forum, or for its author:</p>
<div class="order"><pre>{{letter}}</pre><button type="button" hidden data-copy="{{letter}}">Copy</button></div>
</div>
% end
