<span class="tile" aria-hidden="true" data-initial="{{initial(one.name, one.slug)}}"></span>
