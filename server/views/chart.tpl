<svg class="chart" viewBox="0 0 {{chart.width}} {{chart.height}}" fill="currentColor" stroke="none" font-size="13" role="img" aria-labelledby="chart-title chart-words">
<title id="chart-title">Installs by Composer in each of the last twelve months</title>
<desc id="chart-words">{{chart.words}}</desc>
% for line in chart.lines:
<path d="M{{chart.left}} {{line.y}}H{{chart.width}}" stroke="currentColor" stroke-opacity=".25"/>
<text x="{{chart.left - 6}}" y="{{line.y + 4}}" text-anchor="end">{{line.label}}</text>
% end
% for bar in chart.bars:
<rect x="{{bar.x}}" y="{{bar.y}}" width="{{bar.width}}" height="{{bar.height}}"><title>{{bar.words}}</title></rect>
<text x="{{bar.middle}}" y="{{chart.height - 6}}" text-anchor="middle">{{bar.label}}</text>
% end
</svg>
