"""What the exports of platforms share: WordPress, Ghost, Substack, Medium, Blogger and Movable Type."""
