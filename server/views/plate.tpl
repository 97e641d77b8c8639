% if one.plate:
<img class="tile" src="{{links.plate(one.plate)}}" width="60" height="60" alt=""\\
% if lazy:
 loading="lazy"\\
% end
>
% else:
<span class="tile" aria-hidden="true" data-initial="{{initial(one.name, one.slug)}}"></span>
% end
