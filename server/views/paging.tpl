% if last > 1:
<nav class="leaves" aria-label="Pages">
% if head.previous:
<a rel="prev" href="{{head.previous}}">Previous</a>
% end
<span>Page {{f'{number:,}'}} of {{f'{last:,}'}}</span>
% if head.next:
<a rel="next" href="{{head.next}}">Next</a>
% end
</nav>
% end
