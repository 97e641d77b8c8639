<section class="installs" aria-labelledby="installs">
<h2 id="installs">Composer installs <span class="count">{{f'{installs.total:,}'}}</span></h2>
<p>{{f'{installs.recent:,}'}} in the thirty days to <time datetime="{{figures.iso_day(installs.until)}}">{{figures.day(installs.until)}}</time>. <a href="{{links.to(f'api/packages/{package.type}/{package.slug}/stats.json')}}">All figures</a>, <a href="{{links.to(f'badges/{package.type}/{package.slug}.svg')}}">badge</a></p>
% include('chart.tpl')
</section>
