% rebase('base.tpl')
<div class="heading">
<h1>Not tagged</h1>
<p>{{f'{count:,}'}} {{'plugin announces' if count == 1 else 'plugins announce'}} a version that only trunk holds. WordPress can install it; Composer can pin no version that changes under its name. One command of the author’s mends that.</p>
<p>By installs <span>· <a href="{{links.to('untagged/authors')}}">by author</a></span></p>
</div>
% include('untagged_list.tpl', entries=entries)
% include('paging.tpl', number=paging.number, last=paging.last)
