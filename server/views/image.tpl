<img src="{{image.path}}" width="{{image.width}}" height="{{image.height}}" alt="{{image.alt}}" fetchpriority="high">
